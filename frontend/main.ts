import "./styles/main.css";
import "./htmx";
import "htmx.org/dist/ext/hx-csp.js";
import "./behaviors";
import "./live";
import { start } from "./behavior";

start();
