import { Alert } from "~/components/alert";
import { RelativeTime } from "~/components/relative-time";
import type { Conflict } from "./outcome.server";

interface ConflictsProps {
  conflicts: Conflict[];
  who: string;
  when: Date | string | null;
}

/** What somebody else has changed since the form was opened, field by field, yours and theirs. */
export function Conflicts({ conflicts, who, when }: ConflictsProps) {
  return (
    <Alert
      id="conflict"
      title="Somebody else has changed this meanwhile. Nothing of yours is saved yet"
      news={conflicts}
    >
      <p>
        {who || "Somebody"} saved it {when && <RelativeTime at={new Date(when)} />}. Look at each field below,
        take what is right, and save again.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Yours</th>
            <th scope="col">Theirs</th>
            <th scope="col">In the form now</th>
          </tr>
        </thead>
        <tbody>
          {conflicts.map(({ name, label, isTick, yours, theirs, both }) => (
            <tr key={name}>
              <th scope="row">
                <a href={`#${name}`}>{label}</a>
              </th>
              <td data-label="Yours">{shown(yours, isTick)}</td>
              <td data-label="Theirs">{shown(theirs, isTick)}</td>
              <td data-label="In the form now">{both ? "yours" : "theirs"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Alert>
  );
}

const shown = (text: string, isTick: boolean) => (isTick ? (text ? "yes" : "no") : text || "—");
