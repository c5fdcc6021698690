export { prefect, prefect as default } from "./prefect.js"
