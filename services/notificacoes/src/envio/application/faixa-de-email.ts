import type { Carteiro, Entrega } from '../../canais/application/carteiro.ts';
import { mascararEmail } from '../../canais/domain/mascara.ts';
import type { Contato, Mensagem } from '../../canais/domain/mensagem.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import { ehDespedida, enderecoProprio } from '../../modelos/domain/aviso.ts';
import { resumoDe } from '../../modelos/domain/resumo.ts';
import { type Cota, cotaDe, cotaDeTentativa, foraDoLimite, MAXIMO_POR_DIA } from '../domain/limite-diario.ts';
import type { Destino, Faixa, Remessa } from './faixa.ts';
import type { NotificacaoComecada } from './ports.ts';

interface Deps {
  readonly carteiro: Carteiro<Mensagem>;
  readonly modelos: Pick<Modelos, 'em'>;
  /** Where messages like this one are ended with one click; undefined for one that has to be told. */
  readonly linkDe: (mensagem: NotificacaoComecada, email: string) => string | undefined;
  readonly lote: number;
}

interface Endereco extends Destino {
  readonly para: Contato;
}

/** E-mails. */
export class FaixaDeEmail implements Faixa<Endereco> {
  readonly canal = 'EMAIL';
  readonly lote: number;
  readonly #carteiro: Carteiro<Mensagem>;
  readonly #modelos: Deps['modelos'];
  readonly #linkDe: Deps['linkDe'];

  constructor({ carteiro, modelos, linkDe, lote }: Deps) {
    this.lote = lote;
    this.#carteiro = carteiro;
    this.#modelos = modelos;
    this.#linkDe = linkDe;
  }

  async destino(tomada: NotificacaoComecada): Promise<Endereco | undefined> {
    const para = destinatarioDe(tomada);
    return para && { para, mascarado: mascararEmail(para.email) };
  }

  cota(remessa: Remessa, { para }: Endereco): Cota | undefined {
    if (remessa[0].devolve) return cotaDeTentativa(para.email);
    if (remessa.some(foraDoLimite)) return undefined;
    return { nome: cotaDe(remessa[0].modelo, para.email), limite: MAXIMO_POR_DIA };
  }

  enviar(remessa: Remessa, { para }: Endereco): Promise<Entrega> {
    const [primeira] = remessa;
    const modelos = this.#modelos.em(primeira.preferencias.idioma);
    const resumo = remessa.length > 1 ? resumoDe(remessa) : undefined;
    const descadastro = this.#linkDe(primeira, para.email);
    const carta = resumo
      ? modelos.resumir(resumo, para.nome)
      : modelos.renderizar(primeira, para.nome, descadastro);
    return this.#carteiro.enviar({ id: primeira.id, para, descadastro, ...carta });
  }
}

/**
 * The address that the message brings, or the account has. Without the name where that is what a stranger may have written,
 * and the address may be another person's.
 */
function destinatarioDe(tomada: NotificacaoComecada): Contato | undefined {
  const { modelo, dados, contato } = tomada;
  const proprio = enderecoProprio(dados);
  if (proprio !== undefined && (contato !== undefined || ehDespedida(tomada)))
    return { nome: '', email: proprio };
  if (contato === undefined) return undefined;
  return modelo === 'BOAS_VINDAS' ? { ...contato, nome: '' } : contato;
}
