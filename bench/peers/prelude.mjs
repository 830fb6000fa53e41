// The SDK's bundle registers handlers on `lazyoc`; this is the smallest host that a peer needs to call one.
export const prelude = `
  const handlers = {};
  globalThis.lazyoc = { on(type, handler) { handlers[type] = handler; }, call() { return Promise.resolve({}); } };
  globalThis.dispatch = async (text) => {
    const { type, payload, ...message } = JSON.parse(text);
    return JSON.stringify((await handlers[type](payload, { type, ...message })) ?? {});
  };`;
