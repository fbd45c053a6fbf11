"""The design system: Jinja2 environment, layouts, components, icons and the living /styleguide.

It knows how things look and are announced, never what a post or a person is.
"""
