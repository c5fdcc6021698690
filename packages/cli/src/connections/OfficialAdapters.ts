/** The adapters that the execlog project publishes, installed or not. */
export const officialAdapters: ReadonlyArray<{ readonly id: string; readonly title: string }> = [
  { id: "alloy", title: "Alloy" },
  { id: "dify", title: "Dify" },
  { id: "n8n", title: "n8n" },
  { id: "prefect", title: "Prefect" },
]
