import { FalhaDeEnvioError, type TipoFalha } from '../../domain/falha-de-envio.ts';

/** What nodemailer adds to its errors. */
interface SmtpError {
  readonly code?: unknown;
  /** Where in the conversation it failed: `CONN`, `EHLO`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`, `API`. */
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/** Service closing transmission channel (RFC 5321, 4.2.3): said of the server, whatever command it answers. */
const SERVICE_CLOSING = 421;

/**
 * A failure of nodemailer by what it says about the message. Its text is made of codes only: servers repeat addresses
 * in theirs, and the text goes to the history, which is never erased.
 */
export function falhaDeEnvioFrom(error: unknown): FalhaDeEnvioError {
  const falha = new FalhaDeEnvioError(classify(error as SmtpError), describe(error as SmtpError));
  falha.cause = error;
  return falha;
}

function classify({ code, command, responseCode }: SmtpError): TipoFalha {
  if (command === 'RCPT TO' || command === 'DATA') return refusal(responseCode);
  // An address that cannot be written in SMTP at all.
  if (command === 'API' && code === 'EENVELOPE') return 'PERMANENTE';
  // RFC 4954: 4xx is for now (454, the server cannot look us up), 5xx is about what we have given.
  if (code === 'EAUTH' && (command === 'API' || isForGood(responseCode))) return 'CREDENCIAIS';
  const ours = typeof code !== 'string' || command === 'API';
  return ours ? 'TEMPORARIA' : 'INDISPONIVEL';
}

function refusal(responseCode: unknown): TipoFalha {
  if (responseCode === SERVICE_CLOSING) return 'INDISPONIVEL';
  return isForGood(responseCode) ? 'PERMANENTE' : 'TEMPORARIA';
}

const isForGood = (responseCode: unknown): boolean => typeof responseCode === 'number' && responseCode >= 500;

function describe({ code, command, responseCode, response }: SmtpError): string {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(String(response ?? ''))?.[1];
  const known = [responseCode, enhanced, code, command].filter(
    (part) => typeof part === 'number' || (typeof part === 'string' && part !== ''),
  );
  return known.length === 0 ? 'the message could not be sent' : `SMTP ${known.join(' ')}`;
}
