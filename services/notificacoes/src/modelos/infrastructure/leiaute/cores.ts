/** A colour of the layout in both schemes. The names are the classes of the layout too. */
interface Cor {
  readonly claro: string;
  readonly escuro: string;
}

/** All colours there are. `leiaute.spec.ts` measures each text on what it stands on (WCAG 2.2, 1.4.3: 4.5 to 1). */
export const CORES = {
  fundo: { claro: '#f2f4f7', escuro: '#0c111d' },
  cartao: { claro: '#ffffff', escuro: '#1f242f' },
  texto: { claro: '#1d2939', escuro: '#f5f5f6' },
  discreto: { claro: '#475467', escuro: '#cecfd2' },
  linha: { claro: '#eaecf0', escuro: '#475467' },
  botao: { claro: '#175cd3', escuro: '#84adff' },
  rotulo: { claro: '#ffffff', escuro: '#0c111d' },
  boa: { claro: '#067647', escuro: '#75e0a7' },
  alerta: { claro: '#b54708', escuro: '#fec84b' },
} as const satisfies Record<string, Cor>;

const DE_FUNDO = ['fundo', 'cartao', 'botao'] as const;
const DE_TEXTO = ['texto', 'discreto', 'rotulo', 'boa', 'alerta'] as const;

const regra = (nome: string, propriedade: string, cor: string, onde = '') =>
  `${onde}.${nome}{${propriedade}:${cor} !important}`;

const regras = (nomes: readonly (keyof typeof CORES)[], propriedade: string, onde?: string) =>
  nomes.map((nome) => regra(nome, propriedade, CORES[nome].escuro, onde)).join('\n');

/**
 * The dark scheme. What is inline is the light one, for programs that know no style sheet. Outlook on the web has no
 * media query: it marks what it has changed itself (`data-ogsc` for texts, `data-ogsb` for what is behind them).
 */
export const ESCURO = `@media (prefers-color-scheme:dark){
${regras(DE_FUNDO, 'background-color')}
${regras(DE_TEXTO, 'color')}
${regra('linha', 'border-color', CORES.linha.escuro)}
${regra('topo', 'border-color', CORES.botao.escuro)}
}
${regras(DE_FUNDO, 'background-color', '[data-ogsb] ')}
${regras(DE_TEXTO, 'color', '[data-ogsc] ')}`;
