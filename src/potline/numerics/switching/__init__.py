"""Stopping and restarting under an uncertain price: options, chains, first passage."""
