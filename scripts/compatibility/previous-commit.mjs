// Which commit the previously released core and adapters are packed from.

import { succeed } from "../release/commands.mjs"

const manifest = "packages/core/package.json"

/**
 * The latest release of core below HEAD, by its tag, or by the commit that gave core its version where
 * there are no tags. Null where core was never released, or the history is not here.
 * @param {string} root
 * @param {string | undefined} asked
 * @returns {Promise<{ commit: string, why: string } | null>}
 */
export const previousCommit = async (root, asked) => {
  const git = async (...args) => (await succeed("git", args, { cwd: root })).trim()
  if (asked !== undefined) return { commit: asked, why: `of ${asked}, as asked for` }
  const order = ["--sort=-version:refname", "--merged", "HEAD"]
  const [tag] = (await git("tag", ...order, "--list", "@execlog/core@*")).split("\n")
  if (tag) return { commit: tag, why: `of the tag ${tag}` }
  // HEAD may be the release that is about to be made.
  const below = await git("rev-list", "--first-parent", "--skip=1", "--max-count=1", "HEAD")
  if (below === "") return null
  const changed = ["log", "--format=%H", "-G", '^  "version":', below, "--", manifest]
  for (const commit of (await git(...changed)).split("\n")) {
    if (commit === "") continue
    const version = JSON.parse(await git("show", `${commit}:${manifest}`)).version
    if (version !== "0.0.0")
      return { commit, why: `of ${commit.slice(0, 9)}, which released core ${version}` }
  }
  return null
}
