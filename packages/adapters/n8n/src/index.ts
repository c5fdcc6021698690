export { n8n, n8n as default } from "./n8n.js"
