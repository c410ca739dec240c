"""Tests: rules, actions, web, browser, and the house itself."""
