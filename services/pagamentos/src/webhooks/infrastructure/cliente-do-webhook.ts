/** In whose checkout it began, as this service has told Stripe; null where the webhook does not say. */
export function clienteDoWebhook(payload: string): string | null {
  try {
    const clienteId: unknown = JSON.parse(payload)?.data?.object?.metadata?.clienteId;
    return typeof clienteId === 'string' && /^cli_[0-9A-Za-z]{1,36}$/.test(clienteId) ? clienteId : null;
  } catch {
    return null;
  }
}
