// Formats made of JSON, and what writes them, need its values and its parser.
@_exported import GPUMLJSON
