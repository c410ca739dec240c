"""What is promised of saves, measured on a real server: `./run reliability`."""
