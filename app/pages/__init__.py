"""The HTML door: the same queries as the JSON door, rendered on the server, Vietnamese first, without any script.

A page's route reads its context, a frozen dataclass beside the route, in one transaction, and renders one template
with it. Sentences are words (`words.Ui`), numbers and days pass through `formats`, the S-curve's geometry is
`curve`. What a template may use is in its context; a name that is not there is an error, never an empty space.
"""
