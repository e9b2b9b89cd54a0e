import { Eta } from 'eta';
import type { Conteudo } from '../../../canais/domain/mensagem.ts';
import type { Idioma } from '../idiomas/idioma.ts';
import { CORES } from './cores.ts';
import { HTML, TEXTO } from './leiaute-fontes.ts';
import { primeiroNome } from './uma-linha.ts';

/** A fact, as a table shows it. */
export interface Linha {
  readonly rotulo: string;
  readonly valor: string;
  /** To be typed or copied: shown larger, and letter by letter. */
  readonly codigo?: true;
}

/** What differs between messages; the layout is the same for all of them. */
export interface Visao {
  /** What lists of messages show after the subject. */
  readonly previa: string;
  /** A few words above the heading. */
  readonly selo: { readonly texto: string; readonly cor: Cor };
  readonly cabecalho: string;
  /** Follows the greeting in the HTML. */
  readonly introducao: string;
  /** First sentence of the text. */
  readonly abertura: string;
  /** Those with an empty value are left out. */
  readonly linhas: readonly Linha[];
  readonly acao?: { readonly rotulo: string; readonly url: string } | undefined;
  readonly fecho: string;
  /** Why the reader gets it. Default: the reservation. */
  readonly porque?: string;
  /** Where messages of this kind are ended; left out for one that has to be told. */
  readonly descadastro?: string | undefined;
}

/** What a colour says. */
export const COR = { boa: 'boa', neutra: 'discreto', alerta: 'alerta' } as const satisfies Record<
  string,
  keyof typeof CORES
>;
type Cor = (typeof COR)[keyof typeof COR];

const escapado = new Eta({ autoEscape: true, autoTrim: [false, 'nl'] });
const puro = new Eta({ autoEscape: false, autoTrim: false });
// Compiled once; a template that does not parse keeps the service from starting.
const html = escapado.compile(HTML);
const texto = puro.compile(TEXTO);

/** Both forms of a message, for a person of this name, in a language. */
export function diagramar(
  titulo: string,
  visao: Visao,
  nome: string,
  idioma: Idioma,
): Pick<Conteudo, 'html' | 'texto'> {
  const { porque = idioma.t('leiaute.porqueReserva') } = visao;
  const primeiro = primeiroNome(nome);
  const dados = {
    acao: undefined,
    descadastro: undefined,
    rotuloDoDescadastro: idioma.t('leiaute.descadastro'),
    ...visao,
    linhas: visao.linhas.filter(({ valor }) => valor !== ''),
    titulo,
    tinta: CORES[visao.selo.cor].claro,
    saudacao: primeiro ? idioma.t('leiaute.saudacaoCom', { nome: primeiro }) : idioma.t('leiaute.saudacao'),
    rodape: idioma.t('leiaute.rodape', { porque }),
    mensagem: idioma.t('leiaute.mensagem'),
    marca: idioma.t('leiaute.marca'),
    idioma: idioma.codigo,
    direcao: idioma.direcao,
    lado: idioma.direcao === 'rtl' ? 'right' : 'left',
  };
  return { html: escapado.render(html, dados), texto: puro.render(texto, dados) };
}
