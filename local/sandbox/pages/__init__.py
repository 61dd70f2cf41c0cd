"""What a person sees in a browser: the home page and the cashier."""
