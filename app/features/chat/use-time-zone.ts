import { useSyncExternalStore } from "react";

const never = () => () => {};
const here = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The reader's time zone, such as "Europe/Berlin": "UTC" on the server, and until the page runs. */
export const useTimeZone = () => useSyncExternalStore(never, here, () => "UTC");
