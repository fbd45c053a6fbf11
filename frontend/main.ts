import "./styles/main.css";
import "./htmx";
import "htmx.org/dist/ext/hx-csp.js";
import "./behaviors";
import "./live";
import { start } from "./behavior";

start();
// What only some pages need is fetched by them.
if (document.querySelector("parvis-chat")) void import("./islands/chat/element");
