"""What ships beside the code: networks with their cards, icons and the guide."""
