"""What the speed benchmark measures, and how."""
