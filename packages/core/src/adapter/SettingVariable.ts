/**
 * The environment variable of a setting: the provider's id and the setting's name in capitals, such
 * as DIFY_API_KEY for apiKey of dify.
 */
export const settingVariable = (provider: string, setting: string): string =>
  `${words(provider)}_${words(setting.replace(/([a-z\d])([A-Z])/g, "$1_$2"))}`

const words = (name: string): string => name.toUpperCase().replace(/[^A-Z\d]+/g, "_")
