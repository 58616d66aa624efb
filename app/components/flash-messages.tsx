import { Form, useLocation, useNavigation } from "@remix-run/react";
import { useEffect, useState, useSyncExternalStore } from "react";

/** A message that is shown once. */
export interface Flash {
  kind: "success" | "error";
  text: string;
  /** A button that posts to a path of ours, such as Undo. */
  action?: { label: string; path: string };
}

/** A message that arose in the browser, where no page carries it. */
type Announced = Flash & { key: number };

let announced: Announced[] = [];
const none: Announced[] = [];
let count = 0;
const listeners = new Set<() => void>();

function setAnnounced(flashes: Announced[]) {
  announced = flashes;
  for (const listener of listeners) listener();
}

/** Shows a message on the page as it stands, until the next page. One that stands there already is said again. */
export function announce(flash: Flash) {
  count += 1;
  setAnnounced([...announced.filter(({ text }) => text !== flash.text), { ...flash, key: count }]);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * What the page has brought, and what it goes on to show when its data are loaded anew in the background. `count` tells
 * one arrival from the next.
 */
function useArrived(flashes: Flash[]) {
  const { key } = useLocation();
  const [arrived, setArrived] = useState({ key, flashes, count: 0 });
  const isNew = arrived.key !== key || (flashes.length > 0 && flashes !== arrived.flashes);
  if (!isNew) return arrived;
  const next = { key, flashes, count: arrived.count + 1 };
  setArrived(next);
  return next;
}

/**
 * The region is there before its first message, so that screen readers hear the message arrive; what is said in the
 * same words again is an element anew, so that they hear that, too. While a form is on its way, nothing is said yet.
 */
export function FlashMessages({ flashes }: { flashes: Flash[] }) {
  const { pathname, search } = useLocation();
  const isSending = useNavigation().state === "submitting";
  const arrived = useArrived(flashes);
  const local = useSyncExternalStore(
    subscribe,
    () => announced,
    () => none,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is another page that ends them.
  useEffect(() => () => setAnnounced(none), [pathname, search]);
  return (
    <div role="status" className={isSending ? "flashes past" : "flashes"}>
      {arrived.flashes.map((flash, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no identity, and never change places.
        <Message key={`arrived ${arrived.count} ${index}`} flash={flash} />
      ))}
      {local.map(({ key, ...flash }) => (
        <Message key={`announced ${key}`} flash={flash} />
      ))}
    </div>
  );
}

const Message = ({ flash: { kind, text, action } }: { flash: Flash }) => (
  <div className={`flash ${kind}`}>
    <p>{text}</p>
    {action && (
      <Form method="post" action={action.path}>
        <button type="submit" className="button quiet">
          {action.label}
        </button>
      </Form>
    )}
  </div>
);
