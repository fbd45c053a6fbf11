import htmx from "htmx.org";

// Extensions look for the global, so it must stand before they are evaluated.
(window as unknown as { htmx: typeof htmx }).htmx = htmx;

export default htmx;
