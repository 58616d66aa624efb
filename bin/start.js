// `npm start`: everything from a fresh clone to a listening server.
import { build, install } from "./setup.js";

install();
build();
process.env.NODE_ENV = "production";
await import(new URL("../build/server.js", import.meta.url).href);
