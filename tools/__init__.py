"""Scripts for developers and set-up; nothing here is needed at run time."""
