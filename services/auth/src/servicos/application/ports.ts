/** Services that may ask for tokens of their own. */
export interface ServiceClients {
  /** The audiences open to the service, or undefined when name and secret do not fit. */
  authenticate(servico: string, segredo: string): readonly string[] | undefined;
}
