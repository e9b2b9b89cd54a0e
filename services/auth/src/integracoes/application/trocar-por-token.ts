import type { Clock } from '@plataforma/domain/clock';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { type EstadoUsuario, type Papel, podeEntrar } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { papeisDaSessao } from '../../sessoes/domain/papeis-da-sessao.ts';
import type { ChaveApi } from '../domain/chave-api.ts';
import type { ConsultaDeChavesApi, Segredos, Trocas } from './ports.ts';

/** A program brings a key for a token. */
export interface TrocarPorTokenCommand {
  readonly chaveId: string;
  readonly segredo: string;
  /** Fewer than those of the key; undefined: all of them. */
  readonly escopos: readonly string[] | undefined;
  readonly origem: Origem;
}

/** What came of it. */
export type Troca =
  | {
      readonly tipo: 'TOKEN';
      readonly token: string;
      readonly expiraEmSegundos: number;
      readonly escopos: readonly string[];
    }
  /** Nobody has this key. */
  | { readonly tipo: 'DESCONHECIDA' }
  /** Whoever asks has the secret, so they may hear that it is of no use. */
  | { readonly tipo: 'ENCERRADA' | 'CONTA_FECHADA' | 'ESCOPO_NAO_CONCEDIDO' }
  | { readonly tipo: 'DEMAIS'; readonly segundos: number };

interface Deps {
  readonly chaves: Pick<ConsultaDeChavesApi, 'findById' | 'notarUso'>;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly segredos: Segredos;
  readonly trocas: Trocas;
  readonly tokens: TokenIssuer;
  readonly auditoria: Auditoria;
  /** Whether administrators need a second factor to act as such. */
  readonly adminsPrecisamDeFator: boolean;
  readonly clock: Clock;
}

/**
 * A short token for a key: it says what the owner of the key may now, as far as they might when they made it, and is theirs in
 * everything but its scopes. Strangers use up what their address may, and nothing of the key: nobody keeps its owner out.
 */
export class TrocarPorTokenHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ chaveId, segredo, escopos, origem }: TrocarPorTokenCommand): Promise<Troca> {
    const { chaves, consulta, segredos, trocas, clock } = this.#deps;
    const doEndereco = await trocas.begin(origem.endereco);
    if (doEndereco > 0) return { tipo: 'DEMAIS', segundos: doEndereco };
    const chave = await chaves.findById(chaveId);
    const em = clock.now();
    const confere = segredos.confere(segredo, chave?.impressoes(em) ?? []);
    if (!chave || !confere) return this.#recusar('DESCONHECIDA', chave, origem, em);
    if (!chave.vale(em)) return this.#recusar('ENCERRADA', chave, origem, em);
    const conta = (await consulta.findById(chave.estado.usuarioId))?.estado;
    if (!conta || !podeEntrar(conta)) return this.#recusar('CONTA_FECHADA', chave, origem, em);
    const pedidos = escopos ?? chave.estado.escopos;
    if (!pedidos.every((escopo) => chave.estado.escopos.includes(escopo)))
      return { tipo: 'ESCOPO_NAO_CONCEDIDO' };
    const daChave = await trocas.begin(`chave:${chaveId}`);
    if (daChave > 0) return { tipo: 'DEMAIS', segundos: daChave };
    await this.#notar(chave, origem, em);
    return this.#emitir(chave, conta, pedidos);
  }

  async #emitir({ estado }: ChaveApi, conta: EstadoUsuario, escopos: readonly string[]): Promise<Troca> {
    const { token, expiresInSeconds: expiraEmSegundos } = await this.#deps.tokens.issue({
      ...{ tipo: 'chave', sub: conta.id, papeis: this.#papeis(estado.papeis, conta), escopos },
      ...{ chaveId: estado.id, geracao: conta.geracaoSessoes, ate: estado.expiraEm },
    });
    return { tipo: 'TOKEN', token, expiraEmSegundos, escopos };
  }

  /**
   * Who has lost all roles that the key was made with is a customer still, as everybody is. The second factor was proved when the
   * key was made, if it has rights that need one; the account has to have it still.
   */
  #papeis(daChave: readonly Papel[], conta: EstadoUsuario): readonly Papel[] {
    const agora = papeisDaSessao(conta, ['otp'], this.#deps.adminsPrecisamDeFator);
    const dosDois = agora.filter((papel) => daChave.includes(papel));
    return dosDois.length > 0 ? dosDois : ['CLIENTE'];
  }

  /** Nobody gets a token unrecorded from where the key was not used last. */
  async #notar({ estado }: ChaveApi, origem: Origem, em: Date): Promise<void> {
    const { chaves, auditoria } = this.#deps;
    const { id, usuarioId, usadoEm, usadoDe } = estado;
    if (usadoEm === undefined || usadoDe !== origem.endereco)
      await auditoria.registrar({
        ...{ tipo: 'TOKEN_DE_CHAVE', resultado: 'FEITO', detalhe: id },
        ...{ autorId: usuarioId, usuarioId, origem, em },
      });
    await chaves.notarUso(id, origem.endereco, em);
  }

  async #recusar(
    tipo: 'DESCONHECIDA' | 'ENCERRADA' | 'CONTA_FECHADA',
    chave: ChaveApi | undefined,
    origem: Origem,
    em: Date,
  ): Promise<Troca> {
    await this.#deps.auditoria.registrar({
      ...{ tipo: 'TOKEN_DE_CHAVE', resultado: 'RECUSADO', detalhe: chave?.estado.id ?? '' },
      ...{ usuarioId: chave?.estado.usuarioId, origem, em },
    });
    return { tipo };
  }
}
