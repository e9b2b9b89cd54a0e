/**
 * `dados` of a message that is sent, or never will be: without the code that only its reader may know, the address or number that
 * it went to, where a call came from, what shows the report of an erasure, what a webhook is called and sends to, and whose address sends
 * messages back.
 */
export const DADOS_QUE_FICAM = `dados - array['codigo', 'email', 'telefone', 'devolveEndereco', 'enderecoIp', 'dispositivo',
  'protocolo', 'nomeDoWebhook', 'receptor', 'contatos']`;
