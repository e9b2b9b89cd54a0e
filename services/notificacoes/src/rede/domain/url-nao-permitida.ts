import { DomainError } from '@plataforma/domain/domain-error';

/** Nothing is sent to such an address. */
export class UrlNaoPermitidaError extends DomainError {
  override readonly motivo = 'URL_NAO_PERMITIDA';

  constructor(porque: string) {
    super(`Este endereço não pode receber eventos: ${porque}.`);
  }
}
