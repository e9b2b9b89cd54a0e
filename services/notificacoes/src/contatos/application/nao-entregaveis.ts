import {
  byInstant,
  type Pagina,
  type PaginaInvalidaError,
  type PaginaPedida,
  readPage,
} from '@plataforma/domain/page-token';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ContatoNaoEncontradoError } from '../domain/recusa.ts';
import type { ContatoNaoEntregavel, Enderecos } from './ports.ts';

/** What one transaction sees. */
interface Transacao {
  readonly enderecos: Enderecos;
}

/** Accounts to whose address nothing is sent: administrators see them, and have them written to again. */
export class NaoEntregaveis {
  readonly #uow: Pick<UnitOfWork<Transacao>, 'run'>;

  constructor(uow: Pick<UnitOfWork<Transacao>, 'run'>) {
    this.#uow = uow;
  }

  listar(pedida: PaginaPedida): Promise<Result<Pagina<ContatoNaoEntregavel>, PaginaInvalidaError>> {
    const posicao = ({ desde, clienteId: id }: ContatoNaoEntregavel) => ({ ordem: desde.toISOString(), id });
    return readPage(pedida, byInstant, posicao, (maximo, depoisDe) =>
      this.#uow.run(({ enderecos }) => enderecos.listar(maximo, depoisDe)),
    );
  }

  liberar(clienteId: string): Promise<Result<void, ContatoNaoEncontradoError>> {
    return this.#uow.run(async ({ enderecos, claimKey }) => {
      await claimKey(clienteId);
      return (await enderecos.liberar(clienteId))
        ? Result.ok(undefined)
        : Result.fail(new ContatoNaoEncontradoError());
    });
  }
}
