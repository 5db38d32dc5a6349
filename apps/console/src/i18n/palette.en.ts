/** The words of the palette. */
export const paletteEn = {
  palette: {
    placeholder: 'A page, an instance by name or address, an action',
    found: 'Found',
    nothing: 'Nothing was found',
    pages: 'Pages',
    instances: 'Instances',
    actions: 'Actions',
  },
};
