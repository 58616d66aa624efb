import type { ActionFunctionArgs, LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Profile, profileBio, profileName } from "#models/profile.server";
import { ErrorSummary } from "~/components/error-summary";
import { pageTitle } from "~/components/page-title";
import { redirectWithFlash } from "~/services/flash.server";
import { invalid } from "~/services/forms.server";
import type { Handle } from "~/services/gate.server";
import { notFound } from "~/services/http.server";
import { mediaUrl } from "~/services/media.server";
import { readUpload } from "~/services/uploads.server";
import { ownerOf } from "./owner.server";
import { pictureField, saveProfile } from "./picture.server";
import stylesheet from "./profile.css?url";
import { ProfileForm } from "./profile-form";

export { unlessCutOff as shouldRevalidate } from "~/components/at-once";
export { upload as clientAction } from "~/components/upload";

/** Up to here a picture that is too large is refused at its field; beyond, by the gate. */
export const handle: Handle = { bodyLimit: 30_000_000 };

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, "Profile");
export const links: LinksFunction = () => [{ rel: "stylesheet", href: stylesheet }];

export async function loader({ request }: LoaderFunctionArgs) {
  const owner = await ownerOf(request);
  const profile = await Profile.of(owner.id);
  return {
    owner: owner.username,
    profile: profile && { ...profile, avatar: mediaUrl(profile.avatar) },
  };
}

const schema = z.object({
  display_name: profileName,
  bio: profileBio,
  remove_picture: z.string().optional(),
});

export async function action({ request }: ActionFunctionArgs) {
  const owner = await ownerOf(request);
  const form = await readUpload(request, schema.extend({ owner: owner.field }), { avatar: pictureField });
  if (form.problem) return invalid(form.problem, form.status);
  const { display_name: displayName, bio, remove_picture: remove } = form.value;
  const values = { displayName, bio, picture: form.files.avatar ?? (remove ? null : undefined) };
  if (!(await saveProfile(owner.id, values, owner.by))) throw notFound();
  return redirectWithFlash(request, "/profile", { kind: "success", text: "Saved." });
}

export default function ProfilePage() {
  const { owner, profile } = useLoaderData<typeof loader>();
  const problem = useActionData<typeof action>()?.problem;
  return (
    <>
      <div className="head">
        <div>
          <h1>{owner ? "Your profile" : "Profile"}</h1>
          <p id="owner">
            {owner ? (
              `Who you are to the others here, ${owner}`
            ) : (
              <>
                Of this site. <Link to="/accounts/login?next=/profile">Sign in</Link> to have your own.
              </>
            )}
          </p>
        </div>
        {owner && profile && (
          <div className="actions">
            <Link className="button" to={`/people/${encodeURIComponent(owner)}`}>
              See it as others do
            </Link>
          </div>
        )}
      </div>
      <ErrorSummary problem={problem} />
      {/* What is saved fills a new form: one that stayed would send the same picture again. */}
      <ProfileForm
        key={profile?.updatedAt.getTime() ?? 0}
        owner={owner}
        profile={profile}
        problem={problem}
      />
    </>
  );
}
