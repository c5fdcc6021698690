export { alloy, alloy as default } from "./alloy.js"
