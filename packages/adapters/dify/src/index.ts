export { dify, dify as default } from "./dify.js"
