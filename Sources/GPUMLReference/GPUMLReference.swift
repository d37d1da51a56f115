import GPUMLGraph
