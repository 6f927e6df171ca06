"""What it takes to run casework: its database, its built assets, its server, and the commands that start them."""
