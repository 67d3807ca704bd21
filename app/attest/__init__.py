"""What the site attests: the document, who checks it, the keys that it is checked with."""
