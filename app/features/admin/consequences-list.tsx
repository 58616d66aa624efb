import type { Consequences, Related } from "./related.server";

/** Whether nothing keeps it from being deleted. */
export const mayGo = ({ protecting, forbidden }: Consequences) => protecting.length + forbidden.length === 0;

/** What goes along with a deletion, in words. */
export function ConsequencesList({ found }: { found: Consequences }) {
  const { toTrash, deleted, unlinked, protecting, forbidden } = found;
  if (toTrash)
    return <p>The trash keeps what is deleted, from where it can be restored. Nothing else goes with it.</p>;
  if (deleted.length + unlinked.length + protecting.length === 0) return <p>Nothing else goes with it.</p>;
  return (
    <>
      {forbidden.length > 0 && (
        <p className="note">
          You may not delete {forbidden.join(", ")}, which would go along with it. Ask somebody who may.
        </p>
      )}
      <Group title="These keep it from being deleted; delete them first" related={protecting} />
      <Group title="These are deleted with it" related={deleted} />
      <Group title="These stay, and no longer refer to it" related={unlinked} />
    </>
  );
}

function Group({ title, related }: { title: string; related: Related[] }) {
  if (related.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {related.map(({ called, count, names }) => (
          <li key={called}>
            {count.toLocaleString("en")} {called}
            {names.length > 0 && `: ${names.join(", ")}`}
            {names.length > 0 && names.length < count && " …"}
          </li>
        ))}
      </ul>
    </>
  );
}
