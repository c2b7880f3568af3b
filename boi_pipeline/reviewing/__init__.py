"""What a person is shown before deciding, and the decision taken through ``editorial.review``: terminal and desk alike."""
