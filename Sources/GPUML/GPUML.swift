@_exported import GPUMLData
@_exported import GPUMLDevice
@_exported import GPUMLFormats
@_exported import GPUMLGraph
@_exported import GPUMLInference
@_exported import GPUMLNN
@_exported import GPUMLRuntime
@_exported import GPUMLTraining
