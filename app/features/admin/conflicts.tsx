import { Alert } from "~/components/alert";
import { goToField } from "~/components/error-summary";
import { RelativeTime } from "~/components/relative-time";
import { THEIRS, takeFor, YOURS } from "./form-names";
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
        {who || "Somebody"} saved it {when && <RelativeTime at={new Date(when)} />}. For each field, choose
        what is right, or write it anew below, and save again.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Yours</th>
            <th scope="col">Theirs</th>
            <th scope="col">To be saved</th>
          </tr>
        </thead>
        <tbody>
          {conflicts.map(({ name, label, yours, theirs, both }) => (
            <tr key={name}>
              <th scope="row">
                <a href={`#${name}`} onClick={goToField}>
                  {label}
                </a>
              </th>
              <td data-label="Yours">{yours || "—"}</td>
              <td data-label="Theirs">{theirs || "—"}</td>
              <td data-label="To be saved">{both ? <Take name={name} label={label} /> : "theirs"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Alert>
  );
}

/** Of what both have changed the person chooses: what the form holds, or what is saved already. */
const Take = ({ name, label }: { name: string; label: string }) => (
  <fieldset className="take">
    <legend className="visually-hidden">{label}</legend>
    <label>
      <input type="radio" form="form" name={takeFor(name)} value={YOURS} defaultChecked /> yours
    </label>
    <label>
      <input type="radio" form="form" name={takeFor(name)} value={THEIRS} /> theirs
    </label>
  </fieldset>
);
