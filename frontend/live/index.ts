// The WebSocket client is built here.
export {};
