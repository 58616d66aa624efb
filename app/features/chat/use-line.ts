import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { Line } from "./line";
import type { Me } from "./messages";
import type { Said } from "./said";

/** Milliseconds after which one has read what one sees. */
const READING = 1_000;

interface Page {
  room: { slug: string };
  me: Me;
  said: Said[];
  isNewest: boolean;
  /** They were here up to that message; null for who was never here. */
  readTo: number | null;
}

/** A page of a room, and all that is said in it from now on; an earlier page stays as it is. */
export function useLine({ room: { slug }, me, said: loaded, isNewest, readTo: loadedReadTo }: Page) {
  const [line] = useState(() => new Line(slug, `chat ${slug} ${me.user ?? "guest"}`, loaded));
  const state = useSyncExternalStore(line.subscribe, line.state, line.state);
  const [readTo, setReadTo] = useState(loadedReadTo);
  useEffect(() => (isNewest ? line.start() : undefined), [line, isNewest]);
  useEffect(() => line.merge(loaded), [line, loaded]);

  const last = state.said.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (!isNewest || me.user === null || last === 0 || !state.isConnected) return;
    const tell = () => document.visibilityState === "visible" && line.read(last);
    const timer = setTimeout(tell, READING);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [line, isNewest, me.user, last, state.isConnected]);

  // What comes while one looks at something else is new when one comes back.
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === "hidden") setReadTo(line.state().said.at(-1)?.seq ?? 0);
    };
    document.addEventListener("visibilitychange", leave);
    return () => document.removeEventListener("visibilitychange", leave);
  }, [line]);

  const say = useCallback((text: string) => line.say(me.name ?? "", text), [line, me.name]);
  return { ...state, line, readTo, say };
}
