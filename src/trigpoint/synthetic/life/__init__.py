"""What happens to invented children: ordinary days, exploitation in stages, and what agencies do next."""
