"""How allauth's sign-in is bent to casework, and the people of the demo."""
