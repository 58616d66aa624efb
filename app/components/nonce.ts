import { createContext } from "react";

/** Allows this document's inline scripts. In the browser it is hidden: there it is empty. */
export const NonceContext = createContext<string | undefined>("");
