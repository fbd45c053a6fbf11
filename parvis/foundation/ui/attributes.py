"""Extra HTML attributes that a page gives to a component: `attrs={"hx-post": url(...), "data-kind": "x"}`."""

from collections.abc import Mapping

from markupsafe import Markup

from parvis.foundation.ui.nonces import csp_nonce


def attributes(*mappings: Mapping[str, object] | None) -> Markup:
    """Print attributes: None and False are left out, True stands bare; htmx attributes bring their nonce."""
    merged = {name: value for mapping in mappings if mapping for name, value in mapping.items()}
    if any(name.startswith("hx-") for name in merged):
        merged["hx-nonce"] = csp_nonce()
    return Markup("").join(_attribute(name, value) for name, value in merged.items())


def _attribute(name: str, value: object) -> Markup:
    if name == "style" or name.startswith("on"):
        raise ValueError(f"{name}= would be blocked by the page's content security policy")
    if value is None or value is False:
        return Markup("")
    return Markup(" {}").format(name) if value is True else Markup(' {}="{}"').format(name, value)
