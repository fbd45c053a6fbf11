import { behavior } from "../behavior";

// An error summary is read first: by the eye, and by the screen reader.
behavior("[data-focus]", (element) => element.focus());
