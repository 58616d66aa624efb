import { Avatar } from "~/components/avatar";
import { Field } from "~/components/field";
import { PictureField } from "~/components/picture-field";
import type { Problem } from "~/components/problem";
import { RelativeTime } from "~/components/relative-time";
import { UploadForm, UploadProgress, useChosenFile } from "~/components/upload";
import { PICTURE } from "./picture-limit";

interface ProfileFormProps {
  /** The user name of whose it is; empty for the site. */
  owner: string;
  profile: { displayName: string; bio: string; avatar: string | null; updatedAt: Date } | null;
  problem: Problem | undefined;
}

export function ProfileForm({ owner, profile, problem }: ProfileFormProps) {
  const chosen = useChosenFile(PICTURE);
  return (
    <section className="card narrow">
      <UploadForm className="pad">
        <input type="hidden" name="owner" value={owner} />
        <Field
          name="display_name"
          label="Display name"
          hint={`Up to 100 characters. It heads ${owner ? "your profile; elsewhere you are called as in your account" : "the profile"}`}
          problem={problem}
        >
          {(control) => (
            <input
              {...control}
              defaultValue={control.defaultValue ?? profile?.displayName}
              autoComplete="name"
            />
          )}
        </Field>
        <Field name="bio" label="Bio" hint="Optional, up to 5,000 characters" problem={problem}>
          {(control) => (
            <textarea {...control} rows={5} defaultValue={control.defaultValue ?? profile?.bio} />
          )}
        </Field>
        <div className="picture">
          <Avatar
            name={profile?.displayName ?? "?"}
            url={chosen.preview ?? profile?.avatar ?? null}
            size={96}
            onError={chosen.hidePreview}
          />
          <div>
            <PictureField
              name="avatar"
              label="Picture"
              maxBytes={PICTURE.maxBytes}
              chosen={chosen}
              problem={problem}
            />
            {profile?.avatar && (
              <label className="tick">
                <input
                  type="checkbox"
                  name="remove_picture"
                  value="1"
                  defaultChecked={Boolean(problem?.values.remove_picture)}
                />{" "}
                Remove picture
              </label>
            )}
          </div>
        </div>
        <div className="actions">
          <button type="submit" className="button primary">
            Save
          </button>
          <UploadProgress />
        </div>
        {profile && (
          <small>
            Last saved <RelativeTime at={profile.updatedAt} />
          </small>
        )}
      </UploadForm>
    </section>
  );
}
