"""The words of the brief, a block a question; the list of questions says in which chapter each stands."""
